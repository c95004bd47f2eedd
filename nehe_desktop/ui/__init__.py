"""The one face that knows Qt: theme, widgets, window, form, listing, notices and crash report."""
