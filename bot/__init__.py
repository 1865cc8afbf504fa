"""What people use: the command line, and later Discord."""
