"""The openai backend: any server that speaks the chat/completions protocol."""
