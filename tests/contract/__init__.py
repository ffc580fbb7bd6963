"""What any Hub must do for its clients: these tests could run against huggingface.co."""
