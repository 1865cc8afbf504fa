"""The Discord bot. Modules here that need no Discord import none of it, and are tested without."""
