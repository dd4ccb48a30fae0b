import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringifyEnvInfo, type Writer } from 'allure-js-commons/sdk/reporter'

/**
 * A writer of Allure's files. The one that comes with Allure brings each file to the disk by itself, so that a run that breaks
 * leaves what it has; here the whole folder is made after the run, and a few thousand such waits would only cost time.
 * @param folder is made where it does not exist
 */
export function createAllureWriter(folder: string): Writer {
  mkdirSync(folder, { recursive: true })
  const writeJson = (name: string, value: unknown) => writeFileSync(join(folder, name), JSON.stringify(value))
  return {
    writeResult: (result) => writeJson(`${result.uuid}-result.json`, result),
    writeGroup: (group) => writeJson(`${group.uuid}-container.json`, group),
    writeGlobals: (name, globals) => writeJson(name, globals),
    writeCategoriesDefinitions: (definitions) => writeJson('categories.json', definitions),
    writeEnvironmentInfo: (info) => writeFileSync(join(folder, 'environment.properties'), stringifyEnvInfo(info)),
    writeAttachment: (name, content) => writeFileSync(join(folder, name), content),
    writeAttachmentFromPath: (name, from) => copyFileSync(from, join(folder, name)),
  }
}
