"""People who make and play games of small studios."""

from typing import Final

from models.simulator.shapes import Kit, Tongue, Vocabulary, lines, words

INDIE_GAMES: Final = Vocabulary(
    community="indie-games",
    peak_hour=19.0,
    weekend=1.1,
    stems=words("Sprite Voxel Loop Shader Quest Lumi Kobol Itera"),
    names=words(
        "Lanternfall Moth_and_Marrow Engine_Ovo Spritely Hexwright Tidal_Kin Voxelina Cobalt_Fjord Nestgame "
        "Gloamforge Paperkraken Tilesmith Vesper_Nine Bumblecore Rookery Sundial_Studio Marrowgate Gorsebyte "
        "Playlatch Ottoengine"
    ),
    hashtags=words("#IndieDev #ScreenshotSaturday #GameJam #WishlistWednesday #PixelArt #DevLog #SoloDev #PlaytestMe"),
    emoji=words("🎲 👩‍💻 🐛 ✨ 🧩"),
    domains=words("devlogger.example jamhub.example wishlisted.example"),
    tongues=(
        Tongue(
            lang="en",
            share=1.0,
            things=words(
                "build engine shader wishlist demo license devlog jam trailer tileset playtest collider "
                "raycast inventory crafting dialogue cutscene tutorial hitbox parallax particle spritesheet "
                "animation rigging lightmap occlusion navmesh pathfinding procgen dungeon seed permadeath "
                "leveldesign greybox asset plugin exporter compiler gamepad remapping localisation subtitle "
                "accessibility colourblind storefront refundrate capsule keyart screenshot pressketch "
                "publisher milestone crunch scope refactor branch merge repository crashlog debugger "
                "profiler framerate memoryleak singleton statemachine entity component coroutine tween "
                "easing juice screenshake knockback cooldown skilltree quest npc merchant soundtrack foley "
                "ambience festival showcase booth streamer giveawaykey patchnotes hotfix roadmap"
            ),
            doings=words(
                "playtesting refactoring prototyping shader_writing greyboxing tweening rigging debugging "
                "profiling localising streaming balancing polishing optimising porting storyboarding scoping "
                "pitching wishlisting marketing_myself"
            ),
            qualities=words(
                "janky polished cosy unplayable procedural buggy satisfying hand-drawn isometric overscoped "
                "juicy-feeling spaghetti deterministic turn-based wholesome greyboxed glitched shippable "
                "retroactive moody"
            ),
            phrases=lines("""
                feature creep
                one more turn
                the last ten percent
                a cosy farming sim
                coyote time
                scope is the enemy
                shipping on a friday
                wishlists before launch
            """),
            sentences=lines("""
                {count} new wishlists {when}, the {thing} works
                finally fixed the {thing}, it was a {quality} {thing} all along
                {doing} the {thing} so that it feels {quality}
                switching from {name} to {name} in month {count}, wish me luck
                the {thing} in {name} is so {quality}, how did they do it?
                playtesters found {count} bugs in the {thing}
                [devlog|update|thread]: how i made a {quality} {thing} in one weekend
                {phrase} ate my whole month
                my {thing} is {quality} but my {thing} is worse
                drew {count} frames for one {thing}, nobody will notice
                what is a good {thing} for a {quality} dungeon crawler?
                solo dev life: {doing}, {doing}, crying, {doing}
                {name} demo is out and the {thing} is {quality}
                jam entry done, {count} hours, one {thing}
            """),
        ),
    ),
    kits=(
        Kit(
            kind="new",
            what="{new} engine changes its license and charges per install",
            tag="Fee",
            sentences={
                "en": lines("""
                    {new} now wants a fee per install, [this kills|goodbye to] small studios
                    [read|just saw] the new {new} terms, they apply to games [already out|from years ago]
                    {count} months of work in {new} and now [this|a bill per player|the license changes]
                    leaving {new} [tonight|for good], who has ported a {thing} before?
                    the {new} fee means a {quality} free demo could [bankrupt|ruin] me
                    trust in {new} is [gone|dead], open source it is, {doing} again from zero
                    somebody at {new} thought [this|charging for a reinstall] was a good idea
                    pulled my game off until {new} answers, {count} devs in our chat did the same
                """)
            },
        ),
        Kit(
            kind="new",
            what="{new} storefront pays nobody this month",
            tag="Payout",
            hops_to="retro-handhelds",
            sentences={
                "en": lines("""
                    no payout from {new} this month, [anyone else|you too]? dashboard says zero
                    {new} owes me {count} hundred and [hides|closed] the ticket
                    heard that {new} [is broke|let everyone go|lost its bank], get your {thing} out
                    rent is due and {new} is [late|quiet|down], this is {quality}
                    [small studios|solo devs] depend on {new} and get a [form letter|shrug]
                    screenshot your {new} balance [now|today], [trust me|lawyer's advice]
                    {new} finally posted: [a delay|technical reasons], {count} weeks, no apology
                """)
            },
        ),
        Kit(
            kind="known",
            what="wishlist numbers wiped by a storefront error",
            known=("wishlist", "glitched"),
            sentences={
                "en": lines("""
                    wishlist count went to zero {when}, the page is glitched
                    is the wishlist button glitched for [everyone|you too]? lost {count} since lunch
                    glitched: every wishlist from the festival is [gone|missing], {count} hundred of them
                    my wishlist graph fell off a cliff, [please say|tell me] it is just glitched
                    {name} confirms the wishlist thing is glitched and [nothing is lost|data may be lost]
                    launch is in {count} days and the wishlist mail is glitched, [perfect|i could cry]
                    refreshing my wishlist every minute, glitched, {doing} to calm down
                """)
            },
        ),
    ),
)
