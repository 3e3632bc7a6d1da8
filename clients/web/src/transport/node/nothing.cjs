/** Stands for what MQTT.js uses outside of browsers only. */
module.exports = {}
