"""The real `spaces` package on the rehearsal's ZeroGPU."""
