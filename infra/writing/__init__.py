"""What people read: words, questions, mails and pages, from the folder `templates/`."""
