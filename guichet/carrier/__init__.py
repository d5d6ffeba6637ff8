"""All that is Twilio: signature, webhooks, verbs and their TwiML, error codes, REST client, simulator."""
