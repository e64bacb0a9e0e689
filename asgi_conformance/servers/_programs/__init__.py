"""Programs that start a server in another way than its own command does, each in its interpreter."""
