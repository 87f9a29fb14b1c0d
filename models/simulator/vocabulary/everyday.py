"""What everybody says in a language, whatever the community."""

from typing import Final

from models.simulator.shapes import Everyday, lines

EVERYDAY: Final = {
    "en": Everyday(
        openers=lines("""
            ok so
            honestly,
            hot take:
            psa:
            update:
            unpopular opinion:
            not gonna lie,
            small win:
            quick question:
            reminder:
            morning all,
            so,
            well,
            finally,
            serious question:
            for the record,
            can confirm:
            wait,
            look,
            to be fair,
            story time:
            oh no,
            friends,
            i swear,
            guess what,
            as usual,
            in other news,
            late to this but
            say what you like,
            good grief,
            every single time:
            note to self:
            breaking my silence:
            hear me out:
        """),
        closers=lines("""
            worth every minute
            send help
            no regrets
            thoughts?
            that's the post
            back to work now
            who else?
            pics later
            i'll report back
            ask me how i know
            never again
            what would you do?
            still smiling about it
            could be worse
            more soon
            anyone?
            tell me i'm wrong
            happy to be corrected
            keep me posted
            let's see how it goes
            make of that what you will
            i can't be the only one
            it is what it is
            my week is made
            somebody explain
            is this normal?
            i need a coffee
            what a day
            not sure how to feel
            please discuss
            you heard it here
            and that's fine
            going to bed
            wish me luck
        """),
        sentences=lines("""
            [spent|wasted|lost] the whole [evening|morning] {doing} and the {thing} is still {quality}
            anyone else think the {thing} is way too {quality}?
            my {thing} [arrived|turned up|came] {when} and it is so {quality}
            {doing} is [harder|easier|more fun] than it looks
            [looking for|need|after] a {quality} {thing}, budget about {count}
            [just|only just] found my old {thing} in a drawer
            why does nobody talk about {phrase}?
            {count} years in and i still get {phrase} wrong
            the {thing} from {name} is [better|worse|stranger] than i expected
            if you like {doing}, try {name}
            {when} i learned that {doing} and {doing} do not mix
            three things i love: {thing}, {thing}, {thing}
            [does|will] {name} ever fix the {thing}?
            my partner thinks i have too many of these, wait until they see the {thing}
            rate my {thing}, be kind, it is {quality}
            [thinking about|dreaming of|avoiding] {doing} all day at work
            no more {doing} for me this week, my back hurts
            saw someone {doing} on the train and felt at home
            is a {thing} for {count} a good deal?
            wrote a [short|long] piece about {phrase}
            my first {thing} was {quality} and i miss it
            the {thing} and the {thing} belong together, change my mind
            {name} or {name}? can't decide
            sold my {thing} {when}, already regret it
            good weekend: {doing}, then {doing}, then sleep
            how often do you check your {thing}?
        """),
        replies=lines("""
            same here, my {thing} does that too
            have you tried {doing} first?
            that {thing} looks {quality}
            agreed, {phrase} is underrated
            no way, {name} all the way
            lovely, how long did the {thing} take?
            [ha|haha|lol], been there
            the {thing} or the {thing}?
            thanks, that [helps|makes sense]
            strong disagree, {doing} is half the fun
            where did you get the {thing}?
            [congrats|well done], that is {quality}
            ask {name}, they answer quickly
            i would start with the {thing}
            can you post a picture of the {thing}?
        """),
        moments=lines("""
            last night
            this morning
            yesterday
            today
            on sunday
            an hour ago
            at lunch
            last week
            just now
            on friday
        """),
    ),
    "de": Everyday(
        openers=lines("""
            also
            ehrlich gesagt:
            mal im ernst,
            kurze frage:
            guten morgen,
            ach ja,
            erinnerung:
            endlich:
            na gut,
            übrigens,
            zum thema:
            leute,
        """),
        closers=lines("""
            wer noch?
            was meint ihr?
            so viel dazu
            mehr später
            ich kann nicht mehr
            das war's schon
            bis morgen
            hat jemand tipps?
            schönen abend noch
            egal, weiter geht's
            das muss man mögen
            bin gespannt
        """),
        sentences=lines("""
            {doing} macht [heute|gerade|endlich] wieder richtig spaß
            warum sind die {thing} eigentlich immer so {quality}?
            meine {thing} sind [schon wieder|leider|endlich] {quality}
            nie wieder ohne {thing}
            hat jemand erfahrungen mit {name}?
            {when} {count} stunden nur {doing}, jetzt reicht es
            die {thing} bei {name} sind {quality}
            wer hat noch {thing} übrig?
            {doing} im regen, kann man machen
            ich rede nur noch über {phrase}
            neue {thing}, neues glück
            suche {thing}, gern gebraucht
        """),
        replies=lines("""
            das kenne ich, meine {thing} sind auch so
            stimmt, {phrase} wird unterschätzt
            wo gibt es solche {thing}?
            probier mal {doing}
            sehr schön, die {thing} sind {quality}
            danke für den tipp
            genau so ist es
            da bin ich anderer meinung
        """),
        moments=lines("""
            gestern
            heute früh
            am sonntag
            vorhin
            letzte woche
            heute abend
        """),
    ),
    "es": Everyday(
        openers=lines("""
            la verdad,
            a ver,
            buenos días,
            pregunta seria:
            oye,
            por fin:
            bueno,
            recordatorio:
            gente,
            lo digo ya:
            ojo:
            opinión impopular:
        """),
        closers=lines("""
            ¿alguien más?
            ¿qué opináis?
            no digo más
            mañana más
            se me cae el alma
            ahí lo dejo
            qué día
            a dormir
            seguimos
            me da igual todo
            contadme
            así sí
        """),
        sentences=lines("""
            {when} solo pensaba en {thing}
            {thing} me parece {quality}, lo siento
            llevo {count} horas pensando en {doing}
            no hay nada como {doing} con los de siempre
            ¿alguien sabe algo de {name}?
            lo mejor {when}: {thing}
            otra vez {thing}, qué cosa más {quality}
            sin {thing} esto no es lo mismo
            {phrase}, y no se hable más
            nadie menciona {thing}
            {doing} cansa, pero vale la pena
            {name} nunca falla
        """),
        replies=lines("""
            totalmente de acuerdo, {thing} es lo mejor
            a mí me pareció {quality}
            ¿y {thing}?
            qué va, prefiero {doing}
            jajaja igual yo
            {phrase}, siempre
            gracias por contarlo
            no lo veo así
        """),
        moments=lines("""
            anoche
            ayer
            hoy
            el domingo
            esta mañana
            hace un rato
        """),
    ),
}
"""By language."""
