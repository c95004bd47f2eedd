"""What a declaration means: records, drafts, journal, store, search. No Qt, no ReportLab, no network."""
