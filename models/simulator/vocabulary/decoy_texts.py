"""What decoys say: many accounts one text, or one account one thing."""

from typing import Final

from models.simulator.shapes import lines

COPIED: Final = lines("""
    GIVEAWAY: win one of {count} {new} starter sets, repost this before midnight and tell your friends
    Repost if you agree: {new} should sponsor every one of us, no questions asked
    My cousin works at {new} and needs {count} reposts by tonight to keep the job, please share
    {new} wants to know what you want next, repost and the first hundred get a free trial
    Petition for {new} to come to our town, please pass this on to everybody you know
    Lost dog near the {new} parking lot, brown with a white ear, please repost so that it gets home
""")
"""What many accounts pass on word for word: one voice, however loud."""

FLOODED: Final = lines("""
    {new} deal of the hour: {thing} now {count} percent off
    do not sleep on {new}, the {quality} {thing} is back in stock
    {new} {new} {new}! your {thing} will thank you
    last {count} pieces at {new}, {thing} included
    {doing} with {new} {when}, link in bio
    code for {count} off at {new}, any {thing}
    why pay more? {new} has the {thing} for {count}
    {new} ships the {thing} tonight, {quality} as ever
""")
"""What one account posts again and again: one author, however many posts."""
