"""The units that a quantity may have: by dimension, each with its size in the dimension's base. Pure."""

from __future__ import annotations

# dimension, size in its base (seconds, millimetres, grams, …), the words for it
_TABLE = """
percent 1 % percent per_cent percentage_points percentage_point points pct
time 0.001 ms millisecond milliseconds
time 1 s sec secs second seconds
time 60 min mins minute minutes
time 3600 h hr hrs hour hours
time 86400 day days
time 604800 week weeks
time 1209600 fortnight
time 2629800 month months
time 7889400 quarter quarters
time 31557600 year years yr yrs
time 315576000 decade decades
length 1 mm millimetre millimetres
length 10 cm centimetre centimetres centimeter centimeters
length 1000 m metre metres meter meters
length 1000000 km kilometre kilometres kilometer kilometers
length 1609344 mile miles miler milers
length 25.4 inch inches
length 304.8 foot feet
length 914.4 yard yards
weight 0.001 mg milligram milligrams
weight 1 g gram grams
weight 1000 kg kilo kilos kilogram kilograms
weight 453.6 lb lbs
weight 28.35 oz ounce ounces
weight 1000000 ton tons tonne tonnes
volume 1 ml millilitre millilitres milliliter milliliters
volume 1000 l litre litres liter liters
volume 3785 gallon gallons
data 1000 kb
data 1000000 mb megabyte megabytes
data 1000000000 gb gigabyte gigabytes
data 1000000000000 tb
power 1 w watt watts
power 1000 kw
energy 1 kwh
charge 1 mah
voltage 1 v volt volts
degree 1 degree degrees °c °f °
money 1 $ dollar dollars usd bucks £ pound pounds gbp quid € euro euros eur ¥ yen
money 1 dkk sek nok krone kroner kronor chf franc francs zloty pln rupee rupees inr aud nzd cad
money 0.01 cent cents pence penny
"""
_CURRENCIES = (
    "$ dollar dollars usd bucks | £ pound pounds gbp quid pence | € euro euros eur | ¥ yen |"
    " dkk krone kroner | sek kronor | nok | "
    "chf franc francs | pln zloty | inr rupee rupees | aud | nzd | cad"
)

UNITS: dict[str, tuple[str, float]] = {
    word.replace("_", " "): (row.split()[0], float(row.split()[1]))
    for row in _TABLE.strip().splitlines()
    for word in row.split()[2:]
}
CURRENCIES: dict[str, str] = {word: group.split()[0] for group in _CURRENCIES.split("|") for word in group.split()}
