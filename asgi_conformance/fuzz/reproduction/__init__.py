"""What comes of a script that shows a fault: a check, and programs that show it without us."""
