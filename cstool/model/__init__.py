"""What is passed between the layers: entries, input types, requests, results, months. Imports no other layer."""
