// Wagtail's date fields and choosers, begun without the inline scripts that the console's policy forbids.
if (window.wagtail?.app && window.StimulusModule) {
  const { Controller } = window.StimulusModule;
  const values = { maker: String, for: String, options: Object };

  window.wagtail.app.register(
    'jy-date',
    class extends Controller {
      static values = values;

      connect() {
        window[this.makerValue]?.(this.forValue, this.optionsValue);
      }
    },
  );
  window.wagtail.app.register(
    'jy-chooser',
    class extends Controller {
      static values = values;

      connect() {
        new window[this.makerValue](this.forValue, this.optionsValue);
      }
    },
  );
}
