"""讷河市驻村工作台账: the ledgers of the village work teams, kept offline."""
