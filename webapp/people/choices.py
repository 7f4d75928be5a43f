"""Words for what the forms of people offer and the pages show."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

SEXES = {"f": _l("Woman"), "m": _l("Man")}

READERS = {
    "self": _l("Only this person"),
    "family": _l("The family reads it too"),
    "employer": _l("The employer reads it too"),
    "unknown": _l("Not known"),
}

#: The same phones, where somebody is to be called.
PHONES_TO_CALL = {
    "self": _l("Own phone"),
    "family": _l("Phone at home"),
    "employer": _l("The employer reads it too"),
    "unknown": _l("Phone"),
}

RELATIONS = {
    "spouse": _l("Husband or wife"),
    "mother": _l("Mother"),
    "father": _l("Father"),
    "child": _l("Son or daughter"),
    "sibling": _l("Brother or sister"),
    "other": _l("Other relative"),
}

#: Languages of texts. Names of languages are written in the language itself.
LANGUAGES = {"id": "Bahasa Indonesia", "jv": "Basa Jawa", "su": "Basa Sunda", "sas": "Base Sasak"}

EDUCATION = {
    "": _l("Not asked"),
    "none": _l("No school"),
    "primary": _l("Primary school (SD)"),
    "junior": _l("Junior secondary (SMP)"),
    "senior": _l("Senior secondary (SMA or SMK)"),
    "higher": _l("Diploma or university"),
}

STAGES = {
    "prospect": _l("Prospect (CPMI)"),
    "in_process": _l("In process"),
    "ready": _l("Ready to leave"),
    "departed": _l("Has left"),
    "working": _l("Working abroad"),
    "returning": _l("On the way home"),
    "returned": _l("Back home (purna PMI)"),
    "postponed": _l("Postponed"),
    "cancelled": _l("Cancelled"),
    "in_trouble": _l("Needs help"),
    "lost_contact": _l("Contact lost"),
    "deceased": _l("Deceased"),
}
STAGE_TONES = {
    "ready": "ok",
    "working": "info",
    "departed": "info",
    "returning": "info",
    "postponed": "warn",
    "in_trouble": "bad",
    "lost_contact": "bad",
}

PURPOSES = {
    "data": _l("Keeping the data"),
    "sms": _l("Texts by SMS"),
    "forwarding": _l("Passing on to other offices"),
}
HOW_GIVEN = {"spoken": _l("Spoken, after the words were read aloud"), "signed": _l("Signed on paper")}
HOW = HOW_GIVEN | {"sms": _l("By SMS")}

#: Fields of a person as they are named in the timeline.
FIELD_NAMES = {
    "name": _l("name"),
    "sex": _l("sex"),
    "birth_date": _l("date of birth"),
    "birth_year": _l("year of birth"),
    "nik": _l("NIK"),
    "address": _l("address"),
    "language": _l("language of texts"),
    "education": _l("education"),
    "area_code": _l("village"),
}

#: Why a number cannot be right, by sms.phone.BadNumber.reason.
BAD_NUMBERS = {
    "empty": _l("Write the number."),
    "letters": _l("There is a letter in the number. Check whether an O was written for a 0."),
    "characters": _l("Write only digits; spaces and dashes are fine."),
    "no_country": _l("Begin with 0, or with + and the country for a number abroad."),
    "too_short": _l("A digit is missing: the number is too short."),
    "too_long": _l("There is a digit too many: the number is too long."),
    "unknown": _l("No network has this number. Check the first four digits."),
}

#: What does not fit in a NIK, by people.nik.warnings.
NIK_WARNINGS = {
    "no_such_area": _l("Its first digits are of no regency that we know."),
    "no_such_date": _l("Its date of birth does not exist."),
    "other_sex": _l("It belongs to a person of the other sex (of women the day is 40 higher)."),
    "other_birth": _l("Its date of birth is not the one above."),
    "taken": _l("Another person is registered with it."),
}

#: Why two records may be one person.
ALIKE = {"phone": _l("Same phone"), "nik": _l("Same NIK"), "name": _l("Similar name and birth")}
