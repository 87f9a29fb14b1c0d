"""People who watch Korean television series, in English and Spanish."""

from typing import Final

from models.simulator.shapes import Kit, Tongue, Vocabulary, lines, words

K_DRAMA: Final = Vocabulary(
    community="k-drama",
    peak_hour=14.0,
    weekend=1.35,
    stems=words("Hanul Boram Narae Mirae Sarang Doyo Seora Byeol"),
    names=words(
        "Moonlit_Ferry Oh_Garam Winter_Ledger Min_Haru Plum_Detective Lee_Dorae Second_Spring_Cafe Han_Sebin "
        "The_Tailor_of_Namok Crown_of_Reeds Yun_Taria Midnight_Bakery_9 Letters_to_Baram Kang_Ijun "
        "Paper_Umbrella_Law Seo_Nabin Dramahaus Tideflower Jung_Oru Namulane"
    ),
    hashtags=words(
        "#KDrama #NowWatching #EpisodeTwelve #SecondLead #OSTonRepeat #DramaNight #KDramaLatino #FinaleWeek"
    ),
    emoji=words("😭 💔 🍜 🌸 📺"),
    domains=words("dramadiary.example episodeguide.example subteam.example"),
    tongues=(
        Tongue(
            lang="en",
            share=0.7,
            things=words(
                "episode finale lead subtitle ost kiss cliffhanger trailer_cut chaebol flashback umbrella "
                "amnesia confession teaser cameo sageuk hanbok ramyeon rooftop soju backhug wristgrab "
                "truck_of_doom noona oppa unnie maknae eomma halmoni secretary prosecutor bodyguard villain "
                "mother-in-law twin betrothal inheritance boardroom scandal stepbrother orphan goblin reaper "
                "timeslip palace concubine scholar assassin dimple bangs trenchcoat scarf streetlamp "
                "snowfall cherryblossom convenience_store tteokbokki lunchbox hospital_scene wedding breakup "
                "reunion epilogue preview ratings screenwriter director casting script wardrobe ending "
                "filler chemistry slowburn trope fanedit gif streaming_slot subber rewatch binge "
                "behind_the_scenes interview fanmeeting poster soundtrack_single synopsis spinoff sequel"
            ),
            doings=words(
                "rewatching bingeing sobbing shipping screaming live_watching subtitling theorising "
                "fangirling squealing pausing skipping_ads translating casting_dreams gif_making "
                "waiting_for_friday second_lead_suffering crying_again eating_noodles staying_up"
            ),
            qualities=words(
                "heartbreaking swoony rushed underrated slowburning tearful delayed unhinged "
                "gorgeous-looking soft predictable devastating chaotic wholesome-ish angsty cursed "
                "well-acted cheesy spoiled addictive"
            ),
            phrases=lines("""
                second lead syndrome
                one more episode
                the rooftop scene
                the umbrella scene
                crying at two in the morning
                enemies to lovers
                the white truck
                a happy ending, please
            """),
            sentences=lines("""
                episode {count} of {name} and i am not okay
                that {thing} in {name} was so {quality}
                {doing} {name} instead of sleeping
                the {thing} deserved better, {quality} writing
                who else is {doing} tonight? {name} at nine
                {name} has the most {quality} {thing} of the year
                if the {thing} ends badly i am {doing} forever
                started {name} {when}, already on episode {count}
                the ost in that {thing}, [tears|goosebumps|help]
                {phrase}, every single time
                my mother walked in during the {thing}, of course
                ranking every {thing} in {name}, thread soon
                {name} and the {thing} in the rain, [iconic|rude|perfect]
                no spoilers for {name} please, only at episode {count}
            """),
        ),
        Tongue(
            lang="es",
            share=0.3,
            things=lines("""
                el capítulo
                el beso
                el final
                la protagonista
                el segundo galán
                la banda sonora
                los subtítulos
                la azotea
                el villano
                la suegra
                el abrazo
                la confesión
                el paraguas
                el tráiler
                la boda
                el flashback
                la química
                el doblaje
                la nieve
                el estreno
                el guion
                la temporada
                los avances
                la reconciliación
            """),
            doings=words(
                "llorar maratonear gritar trasnochar suspirar traducir esperar teorizar repetir_escenas comer_ramen"
            ),
            qualities=words(
                "increíble brutal horrible adorable inolvidable triste genial cruel impactante fatal insoportable dulce"
            ),
            phrases=lines("""
                un capítulo más
                síndrome del segundo galán
                llorar a las dos de la mañana
                de enemigos a amantes
                final feliz, por favor
            """),
            sentences=lines("""
                capítulo {count} de {name} y no puedo con {thing}
                {thing} de {name} me parece {quality}
                {when} terminé {name} y solo puedo {doing}
                no me hagáis spoilers de {name}, voy por el {count}
                qué {quality} fue {thing}, necesito {doing}
                ¿quién empieza {name} conmigo? son {count} capítulos
                {name} tiene lo más {quality} del año: {thing}
                otra noche de {doing} con {name}
                si {thing} acaba mal, demando a {name}
                {phrase}, la historia de mi vida
            """),
        ),
    ),
    kits=(
        Kit(
            kind="new",
            what="{new} streaming service drops subtitles overnight",
            tag="Down",
            sentences={
                "en": lines("""
                    {new} [removed|lost] every subtitle [overnight|before the finale], only [ads|dubs] left
                    is {new} down for [you|everyone] or is it [just me|my tv]? {count} minutes of nothing
                    paid {new} for a year and now the {thing} is {quality}
                    finale night and {new} [crashes|kicks me out] at the {thing}, [screaming|i cannot]
                    {new} support says [clear the cache|try tomorrow], {count} thousand people say otherwise
                    cancelling {new} [tonight|right after the finale], the {thing} was the only reason
                    volunteers subbed {name} faster than {new} ever did, [legends|thank you]
                """),
                "es": lines("""
                    {new} se quedó sin subtítulos [anoche|justo antes del final], no me lo creo
                    ¿a alguien le funciona {new}? llevo {count} minutos [mirando la rueda|gritando]
                    [pago|pagué] {new} todo el año y {thing} sin subtítulos, {quality}
                    noche de final y {new} [caído|me echa], se acabó {thing}
                    doy de baja {new} [hoy mismo|mañana], así de {quality}
                """),
            },
        ),
        Kit(
            kind="new",
            what="lead actor leaves the {new} adaptation",
            tag="Recast",
            hops_to="night-nurses",
            sentences={
                "en": lines("""
                    the lead [left|walked out of|quit] {new} {count} days before filming, [why|what happened]
                    {new} without him is [not {new}|pointless], i waited {count} years for this {thing}
                    [agency|the agency] statement on {new}: [scheduling|health], nobody believes it
                    who should replace him in {new}? [say it|my vote]: {name}
                    read the {new} script page that leaked, the {thing} is {quality}, no wonder
                    director of {new} posted a [black square|broken heart] and deleted it
                    please do not recast {new}, [cancel it|wait for him], {doing} already
                """),
                "es": lines("""
                    el protagonista deja {new} a {count} días de rodar, [estoy en shock|¿qué pasó?]
                    {new} sin él no [es lo mismo|tiene sentido], se acabó {thing}
                    el comunicado sobre {new} es {quality}, [nadie se lo cree|no dice nada]
                    ¿quién lo sustituye en {new}? yo digo {name}
                    años esperando {new} para esto, {thing} me da igual
                """),
            },
        ),
        Kit(
            kind="known",
            what="the finale is delayed by a week",
            known=("finale", "delayed"),
            sentences={
                "en": lines("""
                    finale delayed by a [week|whole week], i [took the day off|bought snacks] for this
                    they [really|actually] delayed the finale {count} hours before airing, [rude|criminal]
                    delayed finale means {count} more nights of {doing}
                    why is the finale delayed? [football|a storm|edits], every account says something else
                    [my heart|my schedule] cannot take a delayed finale, {name} ended on that {thing}
                    petition against the delayed finale, only half joking, {quality} decision
                    finale delayed, group chat [in flames|in tears], see you at {name} instead
                """)
            },
        ),
    ),
)
