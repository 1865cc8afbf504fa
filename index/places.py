"""Names of countries and of US states, to tell a city from a country where a question asks for one."""

import re

STATES = frozenset(
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho"
    "|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota"
    "|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York"
    "|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina"
    "|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming".split(
        "|"
    )
)
COUNTRIES = frozenset(
    "Afghanistan|Albania|Algeria|Angola|Argentina|Armenia|Australia|Austria|Azerbaijan|Bahamas|Bahrain"
    "|Bangladesh|Barbados|Belarus|Belgium|Belize|Benin|Bhutan|Bolivia|Bosnia|Botswana|Brazil|Britain|Brunei"
    "|Bulgaria|Burkina Faso|Burundi|Cambodia|Cameroon|Canada|Chad|Chile|China|Colombia|Congo|Costa Rica"
    "|Croatia|Cuba|Cyprus|Czech Republic|Czechia|Denmark|Djibouti|Dominica|Dominican Republic|Ecuador|Egypt"
    "|El Salvador|England|Eritrea|Estonia|Eswatini|Ethiopia|Fiji|Finland|France|Gabon|Gambia|Georgia|Germany"
    "|Ghana|Greece|Grenada|Guatemala|Guinea|Guyana|Haiti|Honduras|Hungary|Iceland|India|Indonesia|Iran|Iraq"
    "|Ireland|Israel|Italy|Ivory Coast|Jamaica|Japan|Jordan|Kazakhstan|Kenya|Kosovo|Kuwait|Kyrgyzstan|Laos"
    "|Latvia|Lebanon|Lesotho|Liberia|Libya|Liechtenstein|Lithuania|Luxembourg|Madagascar|Malawi|Malaysia"
    "|Maldives|Mali|Malta|Mauritania|Mauritius|Mexico|Moldova|Monaco|Mongolia|Montenegro|Morocco|Mozambique"
    "|Myanmar|Namibia|Nepal|Netherlands|New Zealand|Nicaragua|Niger|Nigeria|North Korea|North Macedonia"
    "|Northern Ireland|Norway|Oman|Pakistan|Palestine|Panama|Papua New Guinea|Paraguay|Peru|Poland"
    "|Portugal|Qatar|Romania|Russia|Rwanda|Samoa|Saudi Arabia|Scotland|Senegal|Serbia|Seychelles|Sierra Leone"
    "|Singapore|Slovakia|Slovenia|Somalia|South Africa|South Korea|South Sudan|Spain|Sri Lanka|Sudan"
    "|Suriname|Sweden|Switzerland|Syria|Taiwan|Tajikistan|Tanzania|Thailand|Togo|Tonga|Trinidad and Tobago"
    "|Tunisia|Turkey|Turkmenistan|Uganda|Ukraine|United Arab Emirates|United Kingdom|United States|Uruguay"
    "|Uzbekistan|Vanuatu|Vatican City|Venezuela|Vietnam|Wales|Yemen|Zambia|Zimbabwe|UK|U.K.|US|U.S.|USA"
    "|UAE|America|Philippines".split("|")
)
# Cities that bear the name of a state or a country.
_CITIES_TOO = frozenset(
    ("New York", "Washington", "Singapore", "Luxembourg", "Monaco", "Panama", "Guatemala", "Mexico")
)
_ASKS_STATE = re.compile(r"\b(?:which|what) (?:us |u\.s\. )?states?\b", re.IGNORECASE)
_ASKS_COUNTRY = re.compile(r"\b(?:which|what) (?:\w+ )?(?:country|nation)\b", re.IGNORECASE)
_ASKS_SMALLER = re.compile(r"\b(?:which|what) (?:\w+ )?(?:city|county|town)\b", re.IGNORECASE)


def place_fits(question: str, answer: str) -> bool | None:
    """Whether the answer is a state or a country where one is asked for; None: no telling.

    For a city or a county it can only be told that a country or a state is none.
    """
    name = answer.removeprefix("the ").removeprefix("The ")
    if _ASKS_STATE.search(question):
        return name in STATES
    if _ASKS_COUNTRY.search(question):
        return name in COUNTRIES
    if _ASKS_SMALLER.search(question):
        return False if name in (COUNTRIES | STATES) - _CITIES_TOO else None
    return None
