"""What judge and kernel say to each other, on both sides: plain data, bounded."""
