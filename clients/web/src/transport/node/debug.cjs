/** What MQTT.js would log. */
module.exports = () => () => {}
