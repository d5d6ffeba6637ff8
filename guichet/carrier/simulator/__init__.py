"""A local carrier that runs our TwiML, opens our media streams, serves our REST calls and signs its webhooks."""
