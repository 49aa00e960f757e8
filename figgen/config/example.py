"""A first config for a new figure, which is valid and can be drawn as it is."""

from figgen.config.spec import MARKS


def new_config(name: str, mark: str) -> str:
    """Return a config with the example of a mark, and its optional keys in comments."""
    model = MARKS[mark]
    fields = [(field, info) for field, info in model.model_fields.items() if field != "mark"]
    also = [f"#   {field}: {info.description}" for field, info in fields if not info.is_required()]
    return "\n".join(
        [
            "# yaml-language-server: $schema=../../figgen.schema.json",
            f"# {model.__doc__} figgen's docs/reference/spec.md lists all keys of a figure.",
            f"title: {name.replace('_', ' ').replace('-', ' ').capitalize()}",
            'alt: "Say here what the picture shows, for those who do not see it."',
            "",
            model.EXAMPLE.rstrip(),
            "",
            f"# The mark '{mark}' also takes:",
            *also,
            "",
        ]
    )
