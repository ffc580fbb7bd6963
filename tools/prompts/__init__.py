"""The server's prompts: three ways through the tools, with the arguments already filled in.

A prompt names only calls that its server offers. What a server does not offer is said in words, so
that the agent stops there and tells the person instead of looking for a way around.
"""
