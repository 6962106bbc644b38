"""videostep: raw videos in, a Video-LLM that reasons better out."""

__version__ = "0.1.0"
