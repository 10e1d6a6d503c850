"""Words that mean the same in questions and in the headers of tables, in Spanish and English.

A line is one meaning. Words stand without accents, as they are folded; one form is enough of those
that have the same stem.
"""

from functools import cache

from index.text.analysis import analyse
from index.text.months import MONTH_NUMBERS

__all__ = ["INTERROGATIVES", "contradict", "meanings"]

_MEANINGS = """
cuesta costo precio importe monto valor vale tarifa pagar cobrar price cost fee charge pay rate
gastar gasto ejercido pagado erogado pago spend spent spending paid expenditure
presupuesto aprobado autorizado asignado apropiacion budget approved allocated
neto bolsillo net liquido
multa sancion fine penalty
descuento rebaja bonificacion retencion deducido discount rebate deduction deducted
responsable encargado titular jefe coordina director lleva cargo manager head responsible
cargo puesto funcion role position post job
nombre denominacion llama name named called
contratista empresa constructora proveedor contractor company supplier
direccion domicilio ubicacion address location
lugar sede sala local place venue room
telefono celular movil phone telephone mobile
correo email mail
fecha dia date day
vence vencimiento caduca vigencia plazo expira expires expiry deadline due valid
inicio comienza empieza apertura arranca start starts begin begins opening
termino fin final termina acaba concluye cierre end ends finish closing
hora horario time hours schedule timetable
salida sale parte departure departs leaves dep
llegada llega arrival arrives arr
destino destination
puerta gate
estado situacion etapa status state condition stage
tiempo demora tarda duracion plazo time takes duration
entrega entregar delivery deliver
garantia guarantee warranty
material hecho material
cantidad numero unidades cuantos existencias quantity number units stock
total suma sumar total sum altogether overall
promedio media average mean
maximo tope mayor maximum max highest top
minimo menor minimum min least lowest
porcentaje porciento participacion avance share percent percentage turnout
anterior antes previa previous before prior former
actual ahora vigente current now present
ingresados ingresaron entraron entran recibidos received filed entered incoming
resueltos resolvieron cerraron resolved closed
habitada ocupada inhabited occupied
favor si yes favour for support supported
contra no against opposed
abstencion abstuvo abstained abstention
blanco blank
poblacion habitantes gente personas vivian population inhabitants people residents persons
hombres varones men male males
mujeres women female females
alumnos estudiantes inscritos matricula students enrolled enrolment enrollment pupils
bajas dejaron desertaron abandono dropouts withdrew
viviendas casas hogares homes houses dwellings households
altitud altura altitude elevation high height
profundidad hondo depth deep
superficie area tamano surface size
lluvia llovio precipitacion rain rainfall precipitation
temperatura grados temperature degrees hot cold
viento wind
captura pesca capturo desembarque catch caught landed landings
producto articulo item product
especie species
mes month
ano year anos anio
semana week weekly
coche carro automovil auto turismo vehiculo car vehicle
moto motocicleta motorcycle
camion trailer truck lorry
autobus bus micro camion colectivo coach
bicicleta bicycle bike
nino infantil menor child children kids
adulto adult adults
mayor jubilado senior elderly
estudiante escolar student
extranjero foreigner foreign
residente vecino resident member
idioma habla hable language languages speak speaks
patente placa dominio matricula plate registration
kilometraje km kilometros mileage kilometres
nivel calificacion puntaje puntuacion nota score grade mark points
clave codigo folio code id key ref
articulo article art
expediente autos causa case file
demandante actor plaintiff claimant
demandado contra pleitea defendant against
materia asunto tema subject matter
juzgado tribunal court
observacion hallazgo comentario finding remark observation
postre dessert
primero primer primera 1o 1a 1er t1 q1 first 1st
segundo segunda 2o 2a 2do t2 q2 second 2nd
tercero tercera tercer 3o 3a 3er t3 q3 third 3rd
cuarto cuarta 4o 4a t4 q4 fourth 4th
quinto quinta 5o 5a fifth 5th
ultimo ultima last
unitario cada uno unit each
agua water
drenaje alcantarillado sewer sewerage drainage
luz electricidad electrica energia power electricity electric energy
salud sanidad health
educacion escuela education school
seguridad security safety
obra obras works work
cultura culture cultural
turismo tourism
vivienda housing
civil civil
comercial mercantil commercial
laboral trabajo labour labor
familia family
lunes lun monday mon
martes mar tuesday tue
miercoles mie wednesday wed
jueves jue thursday thu
viernes vie friday fri
sabado sab saturday sat
domingo dom sunday sun festivo
norte north northern
sur south southern
oriente east eastern
poniente oeste west western
compra comprar compro buy buys buying bought
venta vende vender vendio vendieron sell sells selling sale sales sold
noche nocturno night
tarde afternoon evening
manana morning
diario jornada daily day
mensual mes monthly month
anual ano yearly annual
semestral semestre half
ida sencillo single
vuelta regreso return
azucar sugar
grasa fat
sal sodio salt sodium
proteina protein
nitrogeno nitrogen
fosforo phosphorus p2o5
potasio potassium k2o
azufre sulphur sulfur
"""

_APART = """
primero segundo tercero cuarto quinto
lunes martes miercoles jueves viernes sabado domingo
norte sur oriente poniente
promedio maximo minimo
anterior actual
ingresados resueltos
salida llegada
inicio termino
hombres mujeres
favor abstencion
compra venta
"""

INTERROGATIVES = {
    "quien": "responsable encargado nombre titular contratista coordina name manager persona",
    "quienes": "responsable encargado nombre integrantes names",
    "who": "responsable encargado nombre titular contratista name manager persona",
    "cuando": "fecha dia plazo vence vencimiento hora horario inicio date day deadline due time",
    "when": "fecha dia plazo vence vencimiento hora horario inicio date day deadline due time",
    "donde": "lugar direccion sede ubicacion sala localidad place address location venue kept",
    "where": "lugar direccion sede ubicacion sala localidad place address location venue kept",
    "cuanto": "cantidad total importe monto precio costo amount total quantity price cost",
    "cuantos": "cantidad total numero unidades quantity total number",
    "cuantas": "cantidad total numero unidades quantity total number",
}
"""What a column may be called that answers an interrogative; a hint, weaker than shared words."""

_ABBREVIATED = 3  # letters of the short names of months


@cache
def _apart() -> tuple[frozenset[str], ...]:
    """Meanings of which a row or column has one: where it has another, it is another one."""
    months = frozenset(f"month {number}" for number in range(1, 13))
    kinds = [
        frozenset(name for word in line.split() for name in meanings(word))
        for line in _APART.strip().splitlines()
    ]
    return (months, *kinds)


def contradict(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether meanings exclude each other, as those of "norte" and "sur"."""
    return any(one & kind and other & kind and not one & other & kind for kind in _apart())


@cache
def _table() -> dict[str, frozenset[str]]:
    """The meanings of each word and stem, by names of our own."""
    found: dict[str, set[str]] = {}
    for number, line in enumerate(_MEANINGS.strip().splitlines()):
        for language in ("es", "en"):
            for word in (*line.split(), *analyse(line, language)):
                found.setdefault(word, set()).add(f"meaning {number}")
    for name, month in MONTH_NUMBERS.items():
        for word in (name, name[:_ABBREVIATED], *analyse(name, "es"), *analyse(name, "en")):
            if word != "mar" or name == "marzo":
                found.setdefault(word, set()).add(f"month {month}")
    return {word: frozenset(names) for word, names in found.items()}


def meanings(word: str) -> frozenset[str]:
    """What a folded word or a stem may mean; empty where the table does not know it."""
    return _table().get(word, frozenset())
