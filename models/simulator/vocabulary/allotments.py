"""People who grow vegetables on a rented plot."""

from typing import Final

from models.simulator.shapes import Kit, Tongue, Vocabulary, lines, words

ALLOTMENTS: Final = Vocabulary(
    community="allotments",
    peak_hour=10.0,
    weekend=1.45,
    stems=words("Garda Seedl Compo Rhiza Sprou Mulcha Hortu Loam"),
    names=words(
        "Loamwright Plot_Nineteen Spadewell Gurney_Lane Beetle_and_Bean Oakham_Seeds Potterdell Mulchmasters "
        "Hollyhock_Row Tomatia Greenfork Quince_Yard Wormery_Co Seedbarn Bramley_Steps Trugmakers Peascod "
        "Allium_House Dibberly Sluggone"
    ),
    hashtags=words("#AllotmentLife #GrowYourOwn #PlotNotes #SeedSwap #NoDig #HarvestMonday #CompostClub #SlugWatch"),
    emoji=words("🌱 🍅 🥕 🐌 🌻"),
    domains=words("plotdiary.example seedexchange.example spadeandfork.example"),
    tongues=(
        Tongue(
            lang="en",
            share=1.0,
            things=words(
                "plot tomato compost seedling soil courgette slug greenhouse bed shed allotment hosepipe "
                "waterbutt fork spade trowel dibber cloche polytunnel coldframe raisedbed mulch manure "
                "wormery leafmould potash bonemeal comfrey nettlefeed trellis cane twine netting fleece "
                "pigeon fox snail aphid ladybird blight mildew carrotfly clubroot rust pea broadbean "
                "runnerbean beetroot chard kale leek onionset shallot garlic potato rhubarb raspberry "
                "gooseberry blackcurrant strawberry plum_tree apple_tree pumpkin squash gherkin cucumber "
                "aubergine pepper chilli basil dill coriander parsley marigold sunflower sweetpea dahlia "
                "pollinator bumblebee pond frog hedgehog_house waiting_list committee plotholder "
                "secretary_notice lease path gate padlock kettle_hour flask_tea seedpacket propagator "
                "windowsill glut chutney jam_jar wheelbarrow weedkiller frost"
            ),
            doings=words(
                "digging weeding mulching_paths sowing pricking_out potting_on watering harvesting pruning "
                "composting thinning hoeing earthing_up forking netting_up pickling bottling seed_saving "
                "slug_hunting hardening_off"
            ),
            qualities=words(
                "bolted leggy soggy ripe waterlogged rampant contaminated slug-eaten woody frosted weedy "
                "bumper blighted sun-warmed knobbly overwintered stunted tangled self-seeded heirloom"
            ),
            phrases=lines("""
                the first tomato of the year
                slugs after rain
                a cup of tea in the shed
                too many courgettes
                the waiting list
                bindweed roots
                the last frost
                no dig beds
            """),
            sentences=lines("""
                {count} kilos from the {thing} {when}, neighbours are hiding
                the {thing} is {quality} again, blame the {thing}
                {doing} at {name} until the light went
                swapped {count} seedlings for one {quality} {thing}
                who took the {thing} from {name}? no questions asked
                {phrase}, nothing beats it
                my {thing} is {quality} but the {thing} looks happy
                [robin|fox|cat] watched me {doing} all morning
                the committee wants {quality} paths by sunday, the {thing} disagrees
                is this {thing} {quality} or just thirsty?
                {name} packets: {count} sown, {count} up, not bad
                first {thing} of the season and it is {quality}
                {doing} before the rain, tea after
                what do you do with {count} of one {thing}?
            """),
        ),
    ),
    kits=(
        Kit(
            kind="new",
            what="{new} compost kills seedlings",
            tag="Compost",
            sentences={
                "en": lines("""
                    every seedling in {new} compost [curled up|died|went white] within {count} days
                    is your {new} bag [full of|mixed with] [glass|plastic|weedkiller] too? photos please
                    {new} says [we overwatered|it is the weather], {count} of us on one site with dead {thing}
                    do the bean test with your {new} [today|before you use it], mine [twisted|never opened]
                    lost the whole {thing} to {new}, [heartbroken|months of work], {quality} stuff
                    took {count} bags of {new} back, shop has a [pallet|queue] of them
                    {new} batch number on the back: [starts with seven|post yours], something got in there
                """)
            },
        ),
        Kit(
            kind="new",
            what="council wants to sell the {new} plots",
            named="place",
            tag="Plots",
            hops_to="climate-action",
            sentences={
                "en": lines("""
                    letter {when}: the council [sells|wants to sell] the {new} plots for [flats|a car wash]
                    {count} plots at {new}, some families there for generations, gone by spring
                    meeting about {new} [tonight|at seven], [bring everyone|wear your wellies]
                    my dad's {thing} is at {new}, they cannot [just|simply] pave that
                    signed for {new}, {count} hundred names already, [keep going|please share]
                    the {new} soil took {count} years to make, {quality} idea, council
                    councillor says {new} is [underused|untidy], the waiting list has {count} names
                """)
            },
        ),
        Kit(
            kind="known",
            what="contaminated soil deliveries",
            known=("soil", "contaminated"),
            sentences={
                "en": lines("""
                    the soil they delivered {when} is contaminated, [oil smell|glass everywhere]
                    contaminated soil on {count} beds at {name}, do not [eat|plant] anything
                    who tests soil? [mine|ours] might be contaminated and the kids dug in it
                    committee confirms: contaminated soil, the whole [load|lorry], {quality} mess
                    had soil from {name} too, is all of it contaminated or [just|only] the last load?
                    gloves on, contaminated soil, [skip|digger] comes tomorrow, {thing} and all
                    [crying|fuming] about contaminated soil in a bed i built for {count} years
                """)
            },
        ),
    ),
)
