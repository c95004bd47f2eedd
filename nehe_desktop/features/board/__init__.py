"""What hangs on the boards of a village or stands on the web: from when to when, and its taking down."""
