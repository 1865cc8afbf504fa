"""Articles on disk and how they are searched: the ground that the rest stands on."""
