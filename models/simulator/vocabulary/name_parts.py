"""Parts that names are made of, as often as a simulation needs another one: makers, places, accounts."""

from typing import Final

from models.simulator.shapes import words

MAKER_ENDINGS: Final = words("lux ora dax vio nix quill trell varn zell brix monde essa urro plex ando ique")
"""Follow a stem of the community's own."""

PLACE_STEMS: Final = words(
    "Alder Birch Crow Dun Elm Fern Gorse Hollow Iron Kestrel Larch Mill Nettle Otter Penny Raven Sallow Thorn Wren Yew"
)
PLACE_ENDINGS: Final = words("moor dale fen mere holt wick garth thorpe combe ness beck stead croft haven lea den")

HANDLE_FIRSTS: Final = words(
    "sleepy mossy tiny rusty quiet salty misty lucky fuzzy dusty grumpy sunny humble rapid velvet copper "
    "amber plaid hazy nimble frosty wobbly spare lunar cosmic minty rowdy polite crispy feral mellow ragged "
    "stormy wistful zesty bashful candid drowsy earnest gentle"
)
HANDLE_SECONDS: Final = words(
    "otter heron badger pickle teapot lantern walnut sparrow biscuit marmot cobbler fiddle puffin turnip "
    "magpie lemon barnacle thimble wombat pigeon acorn saddle ferret kettle mitten noodle pebble quokka "
    "radish stoat toffee urchin vole waffle yak anvil bramble cricket dumpling ember falcon gherkin hedgehog "
    "igloo jackdaw koala lobster muffin newt oyster parsnip quince raccoon sprout tugboat umbrella viola "
    "weasel yodel zebra"
)
HANDLE_ENDS: Final = ("", "76", "99", "_irl", "_88", "x", "03", "_hq", "_tv", "21", "_ok", "_84")
"""Account names are a first, a second and an end."""
