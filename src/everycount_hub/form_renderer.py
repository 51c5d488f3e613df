"""Forms in the project's own markup."""

from django.forms.renderers import DjangoTemplates


class FieldRenderer(DjangoTemplates):
    """Renders a form and its fields as the styleguide has them."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
