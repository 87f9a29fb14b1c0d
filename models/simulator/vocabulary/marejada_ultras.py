"""Fans of an invented football club, in Spanish and English."""

from typing import Final

from models.simulator.shapes import Kit, Tongue, Vocabulary, lines, words

MAREJADA_ULTRAS: Final = Vocabulary(
    community="marejada-ultras",
    peak_hour=21.5,
    weekend=1.5,
    stems=words("Ultra Marea Gradi Tifo Porto Salin Brava Norda"),
    names=words(
        "Real_Marejada Puerto_Salinas_CF Grada_Norte Atlético_Bahíanueva Iñaki_Lorza El_Faro CD_Montealba "
        "Teo_Brizuela Sporting_Dársena Peña_Timón Unión_Castrolar Nando_Ruipérez Estadio_del_Espigón "
        "Míster_Olazarra Racing_Valdemar Copa_del_Litoral Bruno_Estévanez Bar_La_Boya Deportivo_Almenara "
        "Canteranos_94"
    ),
    hashtags=words(
        "#AúpaMarejada #GradaNorte #SiempreMarejada #DíaDePartido #MareaAzul #UltrasDelPuerto #NoAlFútbolModerno #Derbi"
    ),
    emoji=words("⚽ 💙 🌊 🔥 🥁"),
    domains=words("gradanorte.example mareazul.example lavozdelespigon.example"),
    tongues=(
        Tongue(
            lang="es",
            share=0.7,
            things=lines("""
                el árbitro
                la grada
                el tifo
                el gol
                la afición
                el penalti
                el abono
                el derbi
                la bufanda
                el bombo
                la directiva
                el míster
                el portero
                la portería
                el fichaje
                la cantera
                el banquillo
                la prórroga
                el descenso
                el ascenso
                la bengala
                el cántico
                la pancarta
                el estadio
                la taquilla
                el desplazamiento
                el autobús
                el lateral
                el delantero
                la zaga
                el mediocentro
                el capitán
                la camiseta
                el himno
                la tarjeta
                el córner
                el fuera de juego
                el descanso
                la remontada
                la goleada
                el vestuario
                la lesión
                el césped
                el marcador
                la quiniela
                el presidente
                el canterano
                la rueda de prensa
                el palco
                la tribuna
                el tambor
                el megáfono
                la previa
                el aguacero
                la charanga
                el partidazo
                el empate
                la derrota
                el larguero
                el regate
            """),
            doings=words(
                "animar cantar saltar viajar remontar protestar silbar aplaudir celebrar pintar_pancartas "
                "aguantar creer sufrir abonarse madrugar empujar"
            ),
            qualities=words(
                "increíble brutal enorme vergonzante lamentable espectacular grande imponente memorable "
                "infumable inaceptable impresionante ejemplar triste inolvidable"
            ),
            phrases=lines("""
                hasta el final
                los noventa minutos de pie
                el gol en el descuento
                ni un paso atrás
                el olor a salitre y bengala
                nadie nos quiere y nos da igual
                domingo a las doce no
                la grada no se toca
            """),
            sentences=lines("""
                {when} en {name}: {thing} y {count} mil gargantas
                {name} juega como nunca y {thing} sin aparecer
                {count} horas de autobús para ver a {name}, y volvería {when} mismo
                {thing}, hoy {quality}, sin más
                menos {name} y más mirar {thing}
                hoy toca {doing} hasta quedarnos sin voz
                con mi abuelo aprendí: {doing} en {name}, siempre
                {phrase}, aunque caiga el mundo
                {name} renueva {count} años y yo solo pienso en {thing}
                si {thing} vuelve a fallar, me hago de ajedrez
                quedan {count} entradas para {name}, avisad
                {thing} y {thing}, así no se puede {doing}
                qué noche en {name}, {thing} fue {quality}
                pintando pancartas {when}, {count} metros de tela
            """),
        ),
        Tongue(
            lang="en",
            share=0.3,
            things=words(
                "away_end terrace offside matchday scarf_wall drumline capo flare_smoke stand fixture "
                "kickoff stoppage_time equaliser keeper striker winger back_four derby awayday turnstile "
                "season_ticket boardroom ref_call var_screen corner_flag chant_sheet coach_ride cup_tie "
                "relegation promotion clean_sheet worldie tackle midfielder gaffer bench_warmer "
                "pitch_invasion stewards banner_night lineup"
            ),
            doings=words(
                "chanting_all_game drumming singing_ourselves_hoarse travelling_away bouncing booing "
                "clapping_out believing queueing_for_tickets painting_banners"
            ),
            qualities=words("scrappy thunderous gutless last-gasp deafening bruising rained-on historic sold-out"),
            phrases=lines("""
                ninety minutes on our feet
                the noise in the north stand
                a goal in stoppage time
                against modern football
                the long coach ride home
            """),
            sentences=lines("""
                {name} away, {count} of us and one {thing}
                that {thing} at {name} was {quality}, i lost my voice
                {count} hours on a coach for {name}, worth it for the {thing}
                {doing} in the rain with {name}, nowhere else to be
                how was that {thing} not given against {name}?
                {name} starts on the bench again, {quality} decision
                my spanish is bad but {phrase} needs no translation
                the {thing} at {name} gives me goosebumps
                {quality} first half, {doing} anyway
                need {count} tickets for {name}, ask around
            """),
        ),
    ),
    kits=(
        Kit(
            kind="new",
            what="the club sells its stadium name to {new}",
            tag="No",
            sentences={
                "es": lines("""
                    han vendido el nombre del estadio a {new}, [ni hablar|qué vergüenza|sin preguntar]
                    {new} paga {count} millones y se lleva [nuestra casa|el Espigón], {thing} no se vende
                    el domingo todos de negro contra {new}, [pasadlo|corred la voz]
                    mi hijo preguntó quién es {new} y no supe [qué decir|responder], {quality}
                    [nadie|ningún socio] votó por {new}, {thing} sabe lo que hizo
                    que {new} se quede su logo, nosotros tenemos {thing}
                    minuto {count}: [silencio|todos fuera] hasta que {new} se vaya
                """),
                "en": lines("""
                    they sold our ground's name to {new}, [no vote|behind our backs], {count} million
                    {new} can keep the money, [the stand|that name] is not for sale
                    black shirts against {new} on sunday, [spread the word|everyone]
                    how do you chant {new}? exactly, {quality} idea
                    {count} years of history for a {new} sign, the {thing} is {quality}
                """),
            },
        ),
        Kit(
            kind="new",
            what="away fans locked out at {new}",
            named="place",
            tag="Outside",
            sentences={
                "es": lines("""
                    nos han dejado fuera en {new} con entrada [pagada|en la mano], {count} autobuses parados
                    {new}: [la policía|seguridad] cierra la puerta y {thing} sin empezar
                    hay [niños|gente mayor] bajo la lluvia en {new}, [que alguien responda|{quality}]
                    {count} horas de viaje para ver un muro en {new}, gracias por nada
                    desde dentro de {new}: nuestra zona [vacía|cerrada], {thing} lo está viendo
                    guardad la entrada de {new}, [abogado de la peña|habrá denuncia]
                """),
                "en": lines("""
                    locked outside at {new} with [paid|valid] tickets, {count} coaches, no reason given
                    kids in the rain at {new}, stewards [shrug|film us], {quality}
                    inside {new} our end is [empty|shut], you can hear us [from the street|anyway]
                    came {count} hours for a wall at {new}, the {thing} starts without us
                    keep your {new} ticket, the lawyers want [all of them|copies]
                """),
            },
        ),
        Kit(
            kind="known",
            what="the referee is accused over a penalty",
            known=("árbitro", "penalti"),
            sentences={
                "es": lines("""
                    el árbitro [vio|se inventó] el penalti desde {count} metros, [hay vídeo|todos lo vimos]
                    ese penalti no lo pita ni su madre, árbitro [comprado|fuera], {quality}
                    audio del árbitro: [dice penalti antes|se ríe], escuchad el minuto {count}
                    {name} pide repetir por el penalti, el árbitro [callado|de vacaciones]
                    ¿penalti? el árbitro ni miró {thing}, [robo|que alguien lo explique]
                    tercer penalti con el mismo árbitro contra {name}, [casualidad|ya no cuela]
                """),
                "en": lines("""
                    the árbitro gave a penalti from {count} metres away, [on video|everyone saw]
                    that penalti is a joke and the árbitro [knew|laughed], {quality}
                    same árbitro, third penalti against {name}, [coincidence|sure]
                    listen to the árbitro audio at minute {count}, he says penalti [first|too early]
                    no penalti, never, the árbitro [should|must] answer for that {thing}
                """),
            },
        ),
    ),
)
