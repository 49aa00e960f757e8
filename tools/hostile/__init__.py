"""Input that is made to take as much time, memory and room as it can: `make hostile`.

`readers` measures each reader with input of the largest size that it allows; `branch` writes a site of all such input at
once, with what speaks to CI runners, and runs every command on it.
"""
