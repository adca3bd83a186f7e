"""Student code, seen from the trusted side: bubblewrap, warm sandboxes, a kernel provisioner."""
