"""People who collect records."""

from typing import Final

from models.simulator.shapes import Kit, Tongue, Vocabulary, lines, words

VINYL_COLLECTING: Final = Vocabulary(
    community="vinyl-collecting",
    peak_hour=21.0,
    weekend=1.3,
    stems=words("Groov Wax Vinyl Sono Stylo Audra Disco Spindl"),
    names=words(
        "Waxwing_Records Spindrift_Audio Nightjar_Press Grooveland Ovation_Nine Cellarphone Marquee_Blue "
        "Stylora Deadwax_Diner Tonarmo Lathebrook Sleevery Crackle_Hall Velvet_Lathe Platterby Boxcar_Sound "
        "Monoglow Runoutco Echo_Larder Copperplate"
    ),
    hashtags=words("#NowSpinning #VinylCommunity #CrateDigging #RecordHunt #FirstPress #DeadWax #WaxFriday #BSides"),
    emoji=words("🎶 💿 🎧 📀 🖤"),
    domains=words("deadwaxdiary.example sleevenotes.example spinlist.example"),
    tongues=(
        Tongue(
            lang="en",
            share=1.0,
            things=words(
                "pressing record sleeve turntable stylus_tip reissue preorder crate gatefold bootleg_lp "
                "runout matrix lacquer needle tonearm platter slipmat preamp phonostage speaker_cable "
                "subwoofer receiver amplifier hum crackle surface_noise warp dishwarp scuff ringwear "
                "seamsplit innersleeve polybag obi insert liner_notes bonus_track b-side single twelve_inch "
                "seven_inch boxset picturedisc splatter marbling repress auction listing grading mint vgplus "
                "haggle flea_stall shopkeeper discography funk soul dub jazzfunk krautrock shoegaze postpunk "
                "citypop bossa library_music soundtrack_lp field_recording drumbreak sample remix mastering "
                "halfspeed mono stereo quadraphonic test_pressing white_label promo deadstock shelving "
                "ikebox brush anti-static record_cleaner vacuum"
            ),
            doings=words(
                "crate_digging spinning needle_dropping deep_listening flipping alphabetising regrading "
                "haggling wet_cleaning sleeving unboxing ripping mixing side_flipping browsing bidding "
                "trading sorting reshelving humming_along"
            ),
            qualities=words(
                "mint-looking dusty-fingered sealed noisy limited remastered warped off-centre heavyweight "
                "crackly near-mint overpriced out-of-print analogue hissy sought-after gatefolded punchy "
                "muffled faded"
            ),
            phrases=lines("""
                side two, track one
                the first pressing
                a quiet run-in groove
                inner groove distortion
                a wall of records
                the smell of a cardboard sleeve
                waiting for the postman
                a full afternoon of listening
            """),
            sentences=lines("""
                now spinning: {quality} {thing} from {name}
                found a {quality} {thing} for {count} in the bargain bin {when}
                the {thing} on this reissue is {quality}, [returning it|keeping it anyway]
                {doing} with the lights off, only the {thing} glowing
                {name} just announced {count} copies, all {quality}
                which {thing} for a {quality} turntable under {count} hundred?
                my {thing} shelf is full again, {doing} all weekend
                {phrase}, that is all i need tonight
                the {name} version beats the {thing} by miles
                cat knocked over the {thing}, sleeve is {quality} now
                [traded|swapped] {count} singles for one {thing}
                cleaned the {thing}, suddenly it sounds {quality}
                {name} had a {quality} crate of {thing} and dub {when}
                is a {thing} worth it on a {quality} copy?
            """),
        ),
    ),
    kits=(
        Kit(
            kind="new",
            what="{new} pressing plant burns down, preorders lost",
            tag="Plant",
            sentences={
                "en": lines("""
                    the {new} plant is [burning|on fire], {count} engines there, [awful pictures|nobody hurt]
                    {new} pressed [half|most] of the small labels i love, this is [a disaster|heartbreaking]
                    all preorders at {new} [lost|delayed], mail just came, my {thing} was in there
                    [thinking of|love to] everyone who works at {new}, {count} years of lacquers burned
                    anybody know if the {new} masters [survived|were stored elsewhere]?
                    fundraiser for the {new} crew is [up|live], give what you can, they cut my first {thing}
                    without {new} every {quality} reissue this year is [off|late]
                """)
            },
        ),
        Kit(
            kind="new",
            what="{new} audiophile pressings turn out to be digital copies",
            tag="Files",
            hops_to="coffee-roasting",
            sentences={
                "en": lines("""
                    so the all-analogue {new} series was cut from [files|a digital copy] all along
                    {new} charged {count} hundred for a {quality} {thing} made from a [download|file]
                    engineer at {new} [admits|confirmed] it {when}, digital step in every cut
                    my ears never noticed, but {new} [lied|lied to us] and that is the point
                    selling my whole {new} shelf, {count} titles, [before prices drop|who wants them]
                    the {new} statement says [nothing|it was in the small print], {quality} excuse
                    [laughing|crying] at every {new} review that praised the analogue warmth, mine included
                """)
            },
        ),
        Kit(
            kind="known",
            what="a whole reissue comes warped",
            known=("pressing", "warped"),
            sentences={
                "en": lines("""
                    my pressing is warped, you can [see|hear] it [wobble|swim] from the first bar
                    [third|second] warped pressing of the same {name} title, [returning|giving up]
                    is your pressing warped too? pitch goes [up and down|all over] on side two
                    {name} says send a video of the warped pressing, {count} of us did
                    warped pressing [again|as well], sleeve {quality}, record useless
                    the whole pressing is warped, [shop|my dealer] stopped selling it {when}
                    how does a warped pressing pass any check? {count} for a {thing}
                """)
            },
        ),
    ),
)
