"""A server that says far more than anybody wants to keep, and serves well."""

import minimal

for number in range(200_000):
    print(f"{number}: nothing has happened yet, and I will go on to tell you so")
print("ready", flush=True)
minimal.serve()
