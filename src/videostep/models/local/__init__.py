"""The transformers backend: a Video-LLM's weights on this machine."""
