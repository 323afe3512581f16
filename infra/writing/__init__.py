"""What customers read, mails and pages; and the words of every language, from the folder `templates/`."""
