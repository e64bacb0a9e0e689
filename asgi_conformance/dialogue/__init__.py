"""The conversation of one client and one call of the application, as a check writes it down."""
