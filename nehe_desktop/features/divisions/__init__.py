"""Administrative divisions: county, townships, villages and hamlets."""
