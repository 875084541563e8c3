"""Currencies as they stand beside amounts: symbols, abbreviations and ISO 4217 codes."""

from __future__ import annotations

import re

_CODES = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF"
    " CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK"
    " HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL"
    " MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON"
    " RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS"
    " UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL"
).split()
SYMBOLS = "$€£¥₹₽₩₺₪₫₴฿₦₱₡₲₵₸"
_ABBREVIATIONS = ("kr", "Kr", "zł", "Kč", "Ft", "lei", "Fr", "SFr", "Rs", "RM", "Rp")

# Of Python's and RE2's dialect. Longer names stand before their beginnings.
CURRENCY = (
    rf"(?:(?:US|CA|AU|NZ|HK|SG|MX|[ACRS])?[{SYMBOLS}]|{'|'.join(_CODES)}|{'|'.join(code.lower() for code in _CODES)}"
    rf"|(?:{'|'.join(sorted(_ABBREVIATIONS, key=len, reverse=True))})\.?)"
)

SIGN = "¤"  # any currency

_BARE = frozenset("0123456789.,-")  # of which no currency has any

# As headers are compared: what names a column of currencies, and how names of others begin or end.
HEADERS = frozenset({"currency", "currencycode", "currencyisocode", "isocurrency", "ccy"})
# `Amount in company currency` holds amounts.
_OTHER_HEADERS = re.compile(
    "(?!.*(?:amount|value|price|revenue|total)in).+(?:currency|currencycode)|cur|curr|w(?:ä|ae)hrung|devise|moneda|moeda|valuta|waluta"
)


# What headers end with where their amounts are in one currency. Not all codes: `all`, `top` and `try` are words.
_COMMON = "USD|EUR|GBP|CHF|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|RON|JPY|CNY|INR|BRL|MXN|ZAR|SGD|HKD|ILS|AED|SAR|KRW"
_UNIT = re.compile(rf"(.*?[^\W_])[\s_.,/(\[-]+(?:in[\s_]+)?({_COMMON}|[{SYMBOLS}])[\s)\]]*", re.IGNORECASE)
_BEFORE = r"(.*?[^\W_])[\s_.,/(\[-]+(?:in[\s_]+)?"
_THOUSANDS = re.compile(
    rf"{_BEFORE}(?:[kK]|T(?=[{SYMBOLS}E])|Tsd\.? ?|(?i:thousand) ?)({_COMMON}|[{SYMBOLS}])[\s)\]]*"
    rf"|{_BEFORE}({_COMMON}|[{SYMBOLS}])[\s_]?(?:[kK]|(?i:thousands?))[\s)\]]*"
)


def without_currency(header: str) -> tuple[str, str]:
    """A header without the currency at its end, and that currency, '' for none: `Starting MRR (USD)`."""
    if thousands := _THOUSANDS.fullmatch(header):
        return thousands[1] or thousands[3], (thousands[2] or thousands[4]).upper()
    found = _UNIT.fullmatch(header)
    return (found[1], found[2].upper()) if found else (header, "")


def in_thousands(header: str) -> bool:
    """Whether a header says that its amounts are thousands: `ARR (k€)`, `MRR ($K)`."""
    return _THOUSANDS.fullmatch(header) is not None


def is_currency_header(key: str) -> bool:
    """Whether a header, as headers are compared, may name a column of currencies by a less common name."""
    return _OTHER_HEADERS.fullmatch(key) is not None


def currency_of(amount: str) -> str:
    """The currency that an amount names, '' for none: `$`, `EUR`, `$ USD`."""
    if _BARE.issuperset(amount):
        return ""
    return " ".join(sorted({found[0].rstrip(".").upper() for found in re.finditer(CURRENCY, amount)}))


def currencies_as_sign(amount: str) -> str:
    return amount if _BARE.issuperset(amount) else re.sub(CURRENCY, SIGN, amount)
