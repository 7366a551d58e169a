"""dealwire: from crypto-mining and AI-infrastructure news to a ledger of deals."""
