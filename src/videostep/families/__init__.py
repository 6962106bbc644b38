"""Families of Video-LLMs: how each takes a video, its times and a conversation."""
