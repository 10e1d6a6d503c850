"""Sentences about everything and nothing, to see how alike a question is to just any text.

A cosine means little by itself: it depends on the model, on how a question is put, and on whether
question and passage are in one language. What tells is how far it stands above the cosines of the
same question with these sentences.
"""

__all__ = ["BACKGROUND"]

BACKGROUND = {
    "es": (
        "La lluvia de anoche dejó charcos en toda la avenida.",
        "El equipo local perdió la final por dos goles en el último minuto.",
        "Para la masa se mezclan harina, agua tibia y una pizca de sal.",
        "El tribunal confirmó la sentencia y ordenó pagar las costas del juicio.",
        "Las células de la planta transforman la luz en energía.",
        "Mi hermana compró un sofá nuevo para la sala.",
        "El tren sale a las siete de la mañana desde el andén tres.",
        "La empresa anunció que sus ventas crecieron ocho por ciento en el trimestre.",
        "El pintor terminó el retrato poco antes de morir, en 1874.",
        "Los alumnos deben entregar el trabajo antes del viernes.",
        "El río nace en la sierra y desemboca en el golfo.",
        "La banda grabó su segundo disco en un estudio de Londres.",
        "El programa se instala con un solo comando y no pide contraseña.",
        "El ministro pidió calma y prometió revisar los contratos.",
        "La vacuna se aplica en dos dosis con un mes de diferencia.",
        "El gato duerme sobre el radiador durante todo el invierno.",
        "Los ingenieros reforzaron el puente con cables de acero.",
        "La novela cuenta la vida de una familia de pescadores.",
        "El presupuesto del municipio se aprobó por mayoría de votos.",
        "Un terremoto de magnitud seis sacudió la costa sin causar víctimas.",
        "El abogado presentó una demanda contra la compañía de seguros.",
        "Los astrónomos midieron la distancia a la estrella más cercana.",
        "El precio del trigo bajó por la buena cosecha de este año.",
        "La iglesia se construyó en el siglo XVI sobre un templo antiguo.",
    ),
    "en": (
        "Last night's rain left puddles all along the avenue.",
        "The home team lost the final by two goals in the last minute.",
        "For the dough, mix flour, warm water and a pinch of salt.",
        "The court upheld the ruling and ordered costs to be paid.",
        "The cells of the plant turn light into energy.",
        "My sister bought a new sofa for the living room.",
        "The train leaves at seven in the morning from platform three.",
        "The company said that its sales grew eight percent in the quarter.",
        "The painter finished the portrait shortly before he died, in 1874.",
        "Pupils must hand in their work before Friday.",
        "The river rises in the mountains and flows into the gulf.",
        "The band recorded their second album in a studio in London.",
        "The program installs with a single command and asks for no password.",
        "The minister called for calm and promised to review the contracts.",
        "The vaccine is given in two doses one month apart.",
        "The cat sleeps on the radiator all winter long.",
        "The engineers strengthened the bridge with steel cables.",
        "The novel tells of the life of a family of fishermen.",
        "The town's budget was passed by a majority of votes.",
        "An earthquake of magnitude six shook the coast and hurt nobody.",
        "The lawyer filed a suit against the insurance company.",
        "Astronomers measured the distance to the nearest star.",
        "The price of wheat fell after this year's good harvest.",
        "The church was built in the sixteenth century over an old temple.",
    ),
}
