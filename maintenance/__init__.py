"""Programs that renew what is generated: documents and data, run by hand."""
