"""What families agreed to have shown in public, and its taking back."""
