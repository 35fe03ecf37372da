"""Names of people, as the pages show them."""


def initials_of(name: str) -> str:
    """Return the first letters of the first and the last word of a name, as in ML. A name of one word gives one."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in dict.fromkeys((words[0], words[-1]))).upper() if words else "?"
