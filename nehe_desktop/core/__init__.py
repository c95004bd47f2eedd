"""What a declaration means: fields, records, drafts, journal, store, search. No Qt, no ReportLab, no network."""
